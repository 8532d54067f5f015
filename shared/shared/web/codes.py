"""National codes in addresses: `/v1/schools/by-code/<code:code>`."""

from werkzeug.routing import BaseConverter


class Code(BaseConverter):
    """Plain letters and digits, so that an address can be read out on the telephone."""

    regex = r"[A-Za-z0-9][A-Za-z0-9._-]{0,19}"
