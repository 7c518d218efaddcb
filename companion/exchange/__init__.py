"""What leaves the record at somebody's wish. Third-party formats have their door here."""
