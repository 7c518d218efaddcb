"""The command ``companion``: gathers the commands and turns errors into one sentence and an exit status.

Imports typer and the command files only; each command loads what it needs when it runs, so that ``companion --help``
answers at once.
"""

from __future__ import annotations

import sys
from typing import Final

import typer

from companion.cli import (
    accounts,
    activities,
    alerts,
    audit,
    backup,
    dashboard,
    doctor,
    evaluate,
    exporting,
    importing,
    install_service,
    instruments,
    models,
    people,
    records,
    release,
    reminders,
    requests,
    restore,
    retention,
    run,
    screening,
    screenings,
    sessions,
    setup,
    simulate,
    summary,
    talk,
    vault,
    vitals,
    voice,
)
from companion.cli.exit_codes import ExitCode, exit_code_for
from companion.errors import CompanionError

app: Final = typer.Typer(
    name="companion",
    help="말벗: 어르신의 말동무 (a local Korean voice companion)",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

app.command("talk")(talk.talk)
app.command("install-service")(install_service.install_service)
app.command("summary")(summary.summary)
app.command("run")(run.run)
app.command("setup")(setup.setup)
app.command("simulate")(simulate.simulate)
app.command("screen")(screening.screen)
app.command("dashboard")(dashboard.dashboard)
app.command("doctor")(doctor.doctor)
app.command("backup")(backup.backup)
app.command("backups")(backup.backups)
app.command("restore")(restore.restore)
app.command("retention")(retention.retention)
app.add_typer(people.app, name="people")
app.add_typer(importing.app, name="import")
app.add_typer(exporting.app, name="export")
app.add_typer(release.app, name="release")
app.add_typer(vitals.app, name="vitals")
app.add_typer(records.app, name="records")
app.add_typer(alerts.app, name="alerts")
app.add_typer(reminders.app, name="reminders")
app.add_typer(requests.app, name="requests")
app.add_typer(vault.app, name="vault")
app.add_typer(sessions.app, name="sessions")
app.add_typer(screenings.app, name="screenings")
app.add_typer(accounts.app, name="accounts")
app.add_typer(audit.app, name="audit")
app.add_typer(activities.app, name="activities")
app.add_typer(instruments.app, name="instruments")
app.add_typer(models.app, name="models")
app.add_typer(voice.app, name="voice")
app.add_typer(evaluate.app, name="evaluate")


def main() -> None:
    """Run the command line and exit with a documented status; never show a traceback."""
    try:
        app()
    except CompanionError as error:
        from companion.cli.messages import explain

        print(explain(error), file=sys.stderr)
        sys.exit(exit_code_for(error))
    except KeyboardInterrupt:
        sys.exit(ExitCode.INTERRUPTED)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(ExitCode.OK)
    except Exception as error:  # noqa: BLE001 - the outermost edge: a person gets a sentence, the log gets the places
        from companion.cli.defects import note_defect
        from companion.cli.messages import say

        print(say("common.defect", file=note_defect(error) or "-"), file=sys.stderr)
        sys.exit(ExitCode.DEFECT)
