"""What all tests may use: a browser that is started once for each process of the tests."""

pytest_plugins = ["tests.browser.visiting"]
