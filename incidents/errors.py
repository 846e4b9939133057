"""What incidents can refuse, each with a sentence that says what to do."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError, NotAllowed, Stale
from incidents.choices import INSTEAD, State
from incidents.happened import Happened


class CannotMove(DomainError):
    """The state that is wanted does not follow from the present one."""

    code = "incident_cannot_move"
    template = _("An incident that is “%(now)s” cannot become “%(wanted)s”. %(instead)s")

    @classmethod
    def between(cls, now: str, wanted: str) -> "CannotMove":
        """The refusal of one move, with what is possible instead."""
        return cls(now=State(now).label, wanted=State(wanted).label, instead=INSTEAD[State(now)])


class TooLate(DomainError):
    """It was over for so long that what happens now is another one."""

    code = "incident_too_late_to_reopen"
    template = _(
        "%(reference)s has been over for more than %(days)s days, so what happens now is a new incident. "
        "Open a new one that is linked to it."
    )


class ChangedSince(Stale):
    """Somebody else changed the incident after it was read. `happened` says who did what, oldest first."""

    def __init__(self, happened: Sequence[Happened]) -> None:
        super().__init__(changes=[each.plain() for each in happened])
        self.happened = happened


class AnotherIsLive(DomainError):
    """One live incident per cause: the other one is where the work goes on."""

    code = "incident_cause_is_live"
    template = _("The same cause already has a live incident, %(reference)s. Go on there.")


class Unfit(DomainError):
    """Something that was entered cannot be taken. `fields` says what."""

    code = "incident_unfit"
    status = 400
    template = _("Look at what you entered. Nothing was changed.")


class IsOver(DomainError):
    """A report that is over takes no more answers."""

    code = "incident_is_over"
    template = _("This report is closed. If it happens again, please report it again.")


class CannotOwn(DomainError):
    """Only people who work on incidents can be given one."""

    code = "incident_cannot_own"
    status = 400
    template = _("%(name)s does not work on incidents. Choose somebody else.")


class TooMany(NotAllowed):
    """More than a person can mean."""

    code = "too_many_reports"
    status = 429
    template = _("That is a lot at once. Please wait a little and send it again.")


class FileRefused(DomainError):
    """A file that is not taken in, whoever sends it."""

    code = "incident_file_refused"
    status = 415
    template = _("“%(name)s” is not taken in.")


class Program(FileRefused):
    """What a computer would run."""

    template = _("“%(name)s” is a program, a script or holds macros. Send a picture, a document or a text instead.")


class WebPage(FileRefused):
    """What a browser would run."""

    template = _("“%(name)s” is a web page or a drawing in code. Send a screenshot or a PDF of it instead.")


class Disguised(FileRefused):
    """Something else than its name says."""

    template = _("“%(name)s” is not what its name says. Give it the ending of what it is, then send it again.")


class EmptyFile(FileRefused):
    """Nothing in it."""

    template = _("“%(name)s” is empty.")


class TooManyFiles(DomainError):
    """More than belong to one report or one incident."""

    code = "incident_too_many_files"
    status = 400
    template = _("That is more than %(limit)s files. Leave some out.")


class NotOverYet(DomainError):
    """It is rated at the end."""

    code = "incident_not_over_yet"
    template = _("Rate it once it works again.")


class RatedBefore(DomainError):
    """A rating stands after a week."""

    code = "incident_rated_before"
    template = _("It was rated more than a week ago, and stays as it is.")


class NoDeadline(DomainError):
    """What nobody has to do any more has no deadline."""

    code = "incident_takes_no_deadline"
    template = _("This incident is over, so it has no deadline.")


class TooManyViews(DomainError):
    """More lists than a person can tell apart."""

    code = "too_many_views"
    template = _("You have %(most)s views. Remove one that you do not need any more.")


class NotFromHere(DomainError):
    """What is wanted cannot be done in the state in which it is."""

    code = "incident_not_from_here"
    template = _("It is “%(now)s”: this cannot be done then.")


class TooManyAtOnce(DomainError):
    """More at once than anybody looks through."""

    code = "too_many_at_once"
    status = 400
    template = _("At most %(most)s at once. Choose fewer.")


class NotToEscalate(DomainError):
    """Nobody is called about what needs nobody."""

    code = "incident_not_to_escalate"
    template = _("Nobody can be called about this incident as it stands now.")


class NobodyToCall(DomainError):
    """No policy says whom to call."""

    code = "incident_nobody_to_call"
    template = _("No escalation policy says whom to call about this incident. Hand it over to somebody instead.")


class NotLive(DomainError):
    """Only what is still worked on."""

    code = "incident_is_not_live"
    template = _("%(reference)s is “%(now)s”. This is only possible while it is worked on.")


class NotMerged(DomainError):
    """Only what was merged can be taken out again."""

    code = "incident_is_not_merged"
    template = _("%(reference)s is not merged into another incident.")


class CannotMerge(DomainError):
    """These two cannot become one. `why` says what stands against it."""

    code = "incident_cannot_merge"
    template = _("%(why)s Nothing was merged.")


class NotMajor(DomainError):
    """Roles are of major incidents."""

    code = "incident_is_not_major"
    template = _("Roles are handed out in major incidents. Declare it a major incident first.")


class CommandsAlready(DomainError):
    """Who commands does not resolve."""

    code = "incident_commander_does_not_resolve"
    template = _(
        "%(name)s commands this incident, and who commands does not resolve it. "
        "Hand over the command first, or choose somebody else."
    )


class OwnsAlready(DomainError):
    """Who resolves does not command."""

    code = "incident_owner_does_not_command"
    template = _(
        "%(name)s is in charge of resolving this incident, and who resolves does not command. "
        "Put somebody else in charge first, or choose another commander."
    )


class HoldsAnotherRole(DomainError):
    """The deputy is there for when the commander is not."""

    code = "incident_deputy_is_another"
    template = _("Commander and deputy are two people: %(name)s is one of them already.")


class CannotMoveTask(DomainError):
    """The state that is wanted does not follow from the present one."""

    code = "incident_task_cannot_move"
    template = _("A task that is “%(now)s” cannot become “%(wanted)s”.")


class TasksAreOpen(DomainError):
    """Somebody has to say what becomes of them. `count` tells how many there are."""

    code = "incident_tasks_are_open"
    template = _("Tasks are still open: %(count)s. Finish them, or drop them with a reason.")


class ReviewCannotMove(DomainError):
    """A review goes from hand to hand in one order."""

    code = "review_cannot_move"
    template = _("A review that is “%(now)s” cannot become “%(wanted)s”.")


class ReviewIsFixed(DomainError):
    """What waits for approval, or has it, is not written any more."""

    code = "review_is_fixed"
    template = _("This review is “%(now)s” and cannot be changed. Who approves it can send it back.")


class OwnReview(NotAllowed):
    """Nobody approves what they wrote, or what they were in charge of."""

    code = "review_of_own"
    template = _("Who wrote a review, or was in charge of the incident, cannot approve it. Ask somebody else.")


class NeedsReview(DomainError):
    """Severe and major incidents are closed by an approved review."""

    code = "incident_needs_review"
    template = _("%(reference)s is closed by an approved review: begin the review, and have somebody else approve it.")


class NoSuchFile(DomainError):
    """No file came, or one that does not belong to the incident."""

    code = "incident_no_such_file"
    status = 400
    template = _("Choose a file.")


class CannotPublish(DomainError):
    """What everybody will read is decided by somebody else."""

    code = "incident_cannot_publish"
    status = 403
    template = _("%(name)s decides what is published of this incident.")


class NotWaiting(DomainError):
    """Somebody was faster."""

    code = "update_not_waiting"
    template = _("This update does not wait for approval any more: it is “%(now)s”.")


class CannotReport(DomainError):
    """The step does not follow from where the report stands."""

    code = "authority_report_cannot_move"
    template = _("A report that is “%(now)s” cannot become “%(wanted)s”.")


class CannotMail(DomainError):
    """There is no way by mail: no address, or no mail server."""

    code = "authority_report_cannot_be_mailed"
    template = _(
        "It cannot be sent by mail: there is no address of this authority, or no mail server. Send it otherwise, and "
        "note how."
    )


class NeedsAnother(NotAllowed):
    """Four eyes: nobody approves what they wrote themselves."""

    code = "needs_another_person"
    template = _("Somebody else has to approve what you wrote.")
