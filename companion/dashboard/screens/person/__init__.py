"""One person's page: a file for each of its parts; ``parts`` lists them, ``screen`` holds them."""
