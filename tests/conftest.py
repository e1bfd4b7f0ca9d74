"""One thread per test process: pytest-xdist uses the cores, and small products are faster and repeatable on one."""

import signal

from stationary import devices

devices.configure(1)
# What a shell starts in the background ignores Ctrl-C, and so would the programs that tests start.
signal.signal(signal.SIGINT, signal.default_int_handler)
