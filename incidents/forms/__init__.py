"""What people enter about incidents."""

from incidents.forms.changing import ChangeForm, ReasonForm
from incidents.forms.filtering import FilterForm
from incidents.forms.lists import ViewForm
from incidents.forms.major import MajorForm, RoleForm
from incidents.forms.merging import MergeForm, UnmergeForm
from incidents.forms.moving import CloseForm, HoldForm, ResolveForm, TimeForm
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
from incidents.forms.reviewing import ReviewForm, SendBackForm
from incidents.forms.talking import UpdateForm
from incidents.forms.tasks import DropForm, TaskForm
from incidents.forms.working import AssignForm, DescribeForm, NoteForm, SeverityForm

__all__ = [
    "AssignForm",
    "ChangeForm",
    "CloseForm",
    "CorrectionForm",
    "DeadlineForm",
    "DescribeForm",
    "DropForm",
    "FilterForm",
    "HoldForm",
    "MajorForm",
    "MergeForm",
    "NoteForm",
    "OutsideReportForm",
    "RatingForm",
    "ReasonForm",
    "ReplyForm",
    "ReportForm",
    "ResolveForm",
    "ReviewForm",
    "RoleForm",
    "SendBackForm",
    "SeverityForm",
    "StaffReportForm",
    "TaskForm",
    "TimeForm",
    "UnmergeForm",
    "UpdateForm",
    "ViewForm",
    "WithdrawForm",
]
