"""A passkey in Chromium with its virtual authenticator: enrolled, used, lost, recovered; and the app without a
script.
"""

import re

import pyotp

from tests.journeys.conftest import Visitor

KEY = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


def signed_in_by_password(visitor, email):
    visitor.go("/aanmelden")
    visitor.fill(email=email, password="demo")
    visitor.click("Meld aan")


def test_a_passkey_from_enrolment_to_recovery(browser, demo):
    base = demo.replace("127.0.0.1", "localhost")  # no passkey is made for a number
    one = Visitor(browser, base)
    device = one.page.context.new_cdp_session(one.page)
    device.send("WebAuthn.enable")
    key = device.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})["authenticatorId"]
    one.bar("aanvrager")
    one.go("/account")
    one.click("Tweede stap bij het aanmelden")
    one.click("Voeg een passkey toe")
    codes = re.findall(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}", one.said)
    assert len(codes) == 10
    one.shot("herstelcodes")
    one.click("Ik heb ze bewaard")

    one.click("Afmelden")
    signed_in_by_password(one, "aanvrager@demo.example")
    assert one.page.url.startswith(f"{base}/aanmelden/code")
    one.shot("tweede-stap")
    one.click("Gebruik uw passkey")
    assert one.page.url == f"{base}/"

    one.click("Afmelden")
    signed_in_by_password(one, "aanvrager@demo.example")
    device.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": key})
    device.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})  # another device, which has no such key
    one.find("Gebruik uw passkey").first.click()
    one.page.get_by_text("Dat lukte niet.").wait_for()
    one.fill(code=codes[3])
    one.click("Meld aan")
    assert one.page.url == f"{base}/"

    one.go("/account/tweede-stap")
    one.click("Voeg een passkey toe")
    assert "De passkey is toegevoegd." in one.said
    assert "U hebt nog 9 herstelcodes." in one.said
    with one.page.expect_navigation():
        one.page.get_by_role("button", name=re.compile("Verwijder")).first.click()
    assert "De passkey is weg. Meld u opnieuw aan." in one.said


def test_without_a_script_the_app_is_the_way(browser, demo):
    one = Visitor(browser, demo, script=False, phone=True)
    one.bar("partner GGZ")
    one.go("/account/tweede-stap")
    assert not one.page.get_by_role("button", name="Voeg een passkey toe").is_visible()
    one.click("Voeg een app toe")
    secret = one.page.locator("figcaption code").inner_text().replace(" ", "")
    one.fill(code=pyotp.TOTP(secret).now())
    one.click("Zet de tweede stap aan")
    one.click("Afmelden")
    signed_in_by_password(one, "partner-ggz@demo.example")
    one.fill(code="000000")
    one.click("Meld aan")
    assert "Deze code klopt niet" in one.said
