"""The only code that knows Twilio: its signatures, the parameters it sends, TwiML, its REST API."""
