"""Passkeys in a real browser with a virtual device: added, used as second step and alone, removed."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.browser import PHONE

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def visitor(visit):
    """A phone whose device has a passkey store; its owner is signed in as the demo's responder."""
    opened = visit(size=PHONE)
    opened.cdp = opened.context.new_cdp_session(opened.page)
    opened.cdp.send("WebAuthn.enable")
    opened.device = opened.cdp.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]
    return opened.come_in("Responder")


def add_passkey(visitor, password: str, name: str) -> None:
    page = visitor.go("/accounts/2fa/")
    page.get_by_role("link", name="Add a passkey").click()
    if "reauthenticate" in page.url:
        page.fill("[name=password]", password)
        page.click("main button.prime")
    page.fill("[name=name]", name)
    page.click("#mfa_webauthn_add")
    page.wait_for_url(re.compile("/accounts/2fa/"))
    expect(page.locator("main")).not_to_contain_text("Add a passkey")


def sign_out(visitor) -> None:
    page = visitor.go("/accounts/logout/")
    page.click("main button.prime, main button")
    page.wait_for_url(re.compile("/accounts/login/"))


def test_a_passkey_is_added_opens_the_door_alone_and_is_removed(visitor, house):
    name, password = house.people["Responder"]
    add_passkey(visitor, password, "My phone")
    assert visitor.cdp.send("WebAuthn.getCredentials", {"authenticatorId": visitor.device})["credentials"]

    sign_out(visitor)
    visitor.page.click("#passkey_login")
    visitor.page.wait_for_url(f"{house.url}/")

    sign_out(visitor)
    visitor.page.fill("[name=login]", name)
    visitor.page.fill("[name=password]", password)
    visitor.page.click("main form:not(#passkey) button.prime")
    visitor.page.wait_for_url(re.compile("/accounts/2fa/authenticate/"))
    visitor.page.click("#mfa_webauthn_authenticate")
    visitor.page.wait_for_url(f"{house.url}/")

    page = visitor.go("/accounts/2fa/webauthn/")
    expect(page.locator("main")).to_contain_text("My phone")
    page.get_by_role("link", name="Remove").click()
    if "reauthenticate" in page.url:
        page.fill("[name=password]", password)
        page.click("main button.prime")
    page.click("main button.grave")
    expect(page.locator("h1")).to_have_text("You have no passkey")


def test_a_device_that_refuses_is_told_of_on_the_page(visitor):
    sign_out(visitor)
    visitor.cdp.send("WebAuthn.setUserVerified", {"authenticatorId": visitor.device, "isUserVerified": False})

    visitor.page.click("#passkey_login")

    expect(visitor.page.locator("[data-passkey-refused]")).to_be_visible(timeout=90_000)
