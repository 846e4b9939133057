"""Apps in which people and teams are reached, by Apprise. Its address says which app, and holds its secrets."""

from urllib.parse import urlsplit

from common.outgoing import AddressRefused, NoAnswer, Target, check_address, checked
from notify.adapters.refusals import NotSent
from people.choices import APP_SCHEMES, SELF_HOSTED


def send(address: str, *, subject: str, text: str) -> None:
    """Hand one message to an app. Raises NotSent, which never repeats the address."""
    scheme = urlsplit(address).scheme
    if scheme not in APP_SCHEMES:
        raise NotSent("Holdfast does not send to this kind of address.", is_permanent=True)
    if scheme in SELF_HOSTED:
        _check_host(address)
    import apprise  # heavy: only the worker that sends to an app pays for it

    service = apprise.Apprise.instantiate(_plain(address), asset=apprise.AppriseAsset(app_id="Holdfast"))
    if service is None:
        raise NotSent("The app's address is not complete.", is_permanent=True)
    if not service.notify(title=subject, body=text):
        raise NotSent("The app's server did not take it.", is_permanent=False)


def _plain(address: str) -> str:
    """Without options: they could change how long is waited, or whom is believed."""
    return address.partition("?")[0]


def _check_host(address: str) -> None:
    try:
        parts = urlsplit(address)
        port = parts.port or 443
        if parts.hostname and "." in parts.hostname:
            checked(Target("https", parts.hostname, port, "/"))
        elif parts.hostname == "localhost":
            check_address("127.0.0.1", port)
    except AddressRefused as refusal:
        raise NotSent(refusal.message, is_permanent=True) from refusal
    except NoAnswer as error:
        raise NotSent("The app's server is not known.", is_permanent=False) from error
    except ValueError as error:
        raise NotSent("The app's address is not complete.", is_permanent=True) from error
