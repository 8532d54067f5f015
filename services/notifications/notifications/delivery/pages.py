"""The spooled mails to look at, where mail stays on this machine."""

from flask import Blueprint

from notifications.settings import MailSettings

from .spool_page import page_of


def pages(settings: MailSettings) -> list[Blueprint]:
    return [page_of(settings.mail_url)] if settings.spools else []
