"""A pretend carrier with phones: to try the whole hotline without an account, and to test it against.

It knows Twilio from Twilio's documentation only and shares no code with the hotline's own carrier room, so that each
checks the other. Nothing but tests imports it.
"""

from hotline.lab.errors import CarrierError, TwimlError, WebhookFailed
from hotline.lab.phones import Phone, PhoneCall, Text
from hotline.lab.server import Lab

__all__ = ["CarrierError", "Lab", "Phone", "PhoneCall", "Text", "TwimlError", "WebhookFailed"]
