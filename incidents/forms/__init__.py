"""What people enter about incidents."""

from incidents.forms.changing import ChangeForm, ReasonForm
from incidents.forms.moving import HoldForm, ResolveForm
from incidents.forms.promising import DeadlineForm
from incidents.forms.reporting import ReplyForm, ReportForm
from incidents.forms.talking import UpdateForm
from incidents.forms.working import AssignForm, DescribeForm, NoteForm, SeverityForm

__all__ = [
    "AssignForm",
    "ChangeForm",
    "DeadlineForm",
    "DescribeForm",
    "HoldForm",
    "NoteForm",
    "ReasonForm",
    "ReplyForm",
    "ReportForm",
    "ResolveForm",
    "SeverityForm",
    "UpdateForm",
]
