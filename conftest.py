"""What all tests may use: a browser that is started once for each process of the tests."""

from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.browser.visiting"]

# How long an example takes says how busy the machine is, not whether the code is right. Examples are the same
# in each run: what a run found is found again, and chance fails nobody.
settings.register_profile(
    "house", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("house")
