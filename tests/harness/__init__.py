"""What the tests with real processes share: a whole house, its servers, and how to break them."""
