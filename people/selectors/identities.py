"""People whom an issuer or a directory vouches for."""

from allauth.socialaccount.models import SocialAccount

from people.models import User


def is_from(person: User, source: str) -> bool:
    """Whether this list of people knows the person."""
    return SocialAccount.objects.filter(user_id=person.pk, provider=source).exists()


def signs_in_elsewhere(person: User) -> bool:
    """Whether another house alone decides if the person gets in: no password here, and known there.

    Nothing else opens the door for them, so that who is closed there is closed here.
    """
    return not person.has_usable_password() and SocialAccount.objects.filter(user_id=person.pk).exists()
