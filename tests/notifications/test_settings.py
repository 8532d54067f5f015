"""A setting that cannot work stops the start, and says what it is for."""

import pytest

from notifications.settings import MailSettings
from shared.running.settings import MissingSettings

ENVIRONMENT = {
    "HALQA_DATABASE_URL": "sqlite:////tmp/x.db",
    "HALQA_ISSUER": "https://issuer.invalid",
    "HALQA_LINK_SECRET": "x" * 32,
}


@pytest.mark.parametrize(
    "url",
    ["smtp://mail.example:25", "smtp+starttls://user:pass%40word@mail.example", "spool:///srv/spool"],
)
def test_mail_goes_to_a_server_or_a_folder(url):
    assert MailSettings.read(ENVIRONMENT | {"HALQA_MAIL_URL": url}).mail_url == url


@pytest.mark.parametrize(
    "url", ["mail.example:25", "http://mail.example", "smtp://", "spool://relative/folder", "spool:"]
)
def test_mail_goes_nowhere_else(url):
    with pytest.raises(MissingSettings, match="HALQA_MAIL_URL"):
        MailSettings.read(ENVIRONMENT | {"HALQA_MAIL_URL": url})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HALQA_MAIL_FROM", "nobody"),
        ("HALQA_ZONE", "Africa/Atlantis"),
        ("HALQA_PORTAL_URL", "portal"),
        ("HALQA_MAIL_DOMAIN", "a b"),
    ],
)
def test_what_cannot_be_is_named(name, value):
    with pytest.raises(MissingSettings, match=name):
        MailSettings.read(ENVIRONMENT | {"HALQA_MAIL_URL": "spool:///srv/spool", name: value})


def test_where_mail_goes_must_be_said():
    with pytest.raises(MissingSettings, match="HALQA_MAIL_URL"):
        MailSettings.read(ENVIRONMENT)
