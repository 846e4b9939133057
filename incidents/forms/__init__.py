"""What people enter about incidents."""

from incidents.forms.changing import ChangeForm, ReasonForm
from incidents.forms.filtering import FilterForm
from incidents.forms.lists import ViewForm
from incidents.forms.moving import HoldForm, ResolveForm
from incidents.forms.promising import DeadlineForm
from incidents.forms.reporting import (
    CorrectionForm,
    OutsideReportForm,
    RatingForm,
    ReplyForm,
    ReportForm,
    StaffReportForm,
    WithdrawForm,
)
from incidents.forms.talking import UpdateForm
from incidents.forms.working import AssignForm, DescribeForm, NoteForm, SeverityForm

__all__ = [
    "AssignForm",
    "ChangeForm",
    "CorrectionForm",
    "DeadlineForm",
    "DescribeForm",
    "FilterForm",
    "HoldForm",
    "NoteForm",
    "OutsideReportForm",
    "RatingForm",
    "ReasonForm",
    "ReplyForm",
    "ReportForm",
    "ResolveForm",
    "SeverityForm",
    "StaffReportForm",
    "UpdateForm",
    "ViewForm",
    "WithdrawForm",
]
