"""What a new installation begins with."""

from readiness.services.beginnings import begin
from readiness.services.demo import load as load_demo
from readiness.services.demo_people import SignIn, is_demo_wanted, sign_ins

__all__ = ["SignIn", "begin", "is_demo_wanted", "load_demo", "sign_ins"]
