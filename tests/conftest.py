"""One thread per test process: pytest-xdist uses the cores, and small products are faster and repeatable on one."""

from stationary import devices

devices.configure(1)
