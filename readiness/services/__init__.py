"""What a new installation begins with."""

from readiness.services.beginnings import begin
from readiness.services.demo_people import SignIn, sign_ins

__all__ = ["SignIn", "begin", "sign_ins"]
