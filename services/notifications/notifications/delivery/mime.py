"""How a message looks on the wire: text, HTML and calendar side by side, under headers that every server can read."""

from email import policy
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import formataddr, parseaddr

from notifications.model import Message, one_line

# Seven bits, always: not every server on the way speaks 8BITMIME, and nobody asks it first.
WIRE = policy.SMTP.clone(cte_type="7bit")


class Unaddressable(ValueError):
    """There is no address to send to, or what stands there is none."""


class Folded(str):
    """A header as it stands on the wire. `EmailMessage` would fold it anew, and lose spaces (seen with Python 3.11)."""

    name: str

    def __new__(cls, name: str, wire: str) -> "Folded":
        self = super().__new__(cls, wire)
        self.name = name
        return self

    def fold(self, *, policy: EmailPolicy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


def build(message: Message, sender: str, unsubscribe_address: str = "") -> EmailMessage:
    """The mail of a message: equal each time, but for the boundaries between its parts."""
    mail = EmailMessage(policy=WIRE)
    mail["Message-ID"] = message.mail_id
    mail["Date"] = message.written_at
    mail["From"] = _mailbox("From", *parseaddr(sender))
    mail["To"] = _mailbox("To", message.to_name, message.to_address)
    mail["Subject"] = Folded("Subject", _encoded("Subject", message.subject))
    mail["Auto-Submitted"] = "auto-generated"
    mail["Halqa-Kind"] = message.kind
    if message.traceparent:
        mail["Traceparent"] = message.traceparent
    _offer_to_unsubscribe(mail, message, unsubscribe_address)
    _add_content(mail, message)
    mail["Content-Language"] = message.language  # after the content, which clears what begins with Content-
    return mail


def _offer_to_unsubscribe(mail: EmailMessage, message: Message, mailbox: str) -> None:
    """RFC 8058: the mail program itself says no for its reader. What nobody can say no to offers nothing."""
    if message.unsubscribe_url:
        ways = [f"<{message.unsubscribe_url}>"]
        ways += [f"<mailto:{mailbox}?subject={message.unsubscribe_url.rpartition('/')[2]}>"] if mailbox else []
        mail["List-Unsubscribe"] = Folded("List-Unsubscribe", ",\r\n ".join(ways))
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def _mailbox(header: str, name: str, address: str) -> Folded:
    if not _is_address(address):
        raise Unaddressable("what stands as the address is none")  # which is for the log, so not repeated
    if name.isascii():
        return Folded(header, formataddr((one_line(name), address)))
    return Folded(header, f"{_encoded(header, name)} <{address}>")


def _is_address(address: str) -> bool:
    try:
        return bool(Address(addr_spec=address).domain) and address.isascii()
    except (MessageError, ValueError, IndexError):  # the parser stumbles over some of what it should refuse
        return False


def _encoded(header: str, text: str) -> str:
    return Header(one_line(text), header_name=header).encode(linesep="\r\n")


def _add_content(mail: EmailMessage, message: Message) -> None:
    mail.set_content(message.text)
    mail.add_alternative(message.html, subtype="html")
    if message.calendar:
        mail.add_alternative(message.calendar, subtype="calendar", params={"method": message.calendar_method})
        mail.add_attachment(message.calendar.encode(), "application", "ics", filename="invite.ics")
