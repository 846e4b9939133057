"""What a new installation begins with."""

from readiness.services.beginnings import begin
from readiness.services.demo import is_loaded as is_demo_loaded
from readiness.services.demo import load as load_demo
from readiness.services.demo_people import SignIn, is_demo_wanted, sign_ins
from readiness.services.setting_up import finish, last_test_mail, name_house, send_test_mail

__all__ = [
    "SignIn",
    "begin",
    "finish",
    "is_demo_loaded",
    "is_demo_wanted",
    "last_test_mail",
    "load_demo",
    "name_house",
    "send_test_mail",
    "sign_ins",
]
