# Leaves while it is loaded.
# ends: rejected, a plugin must not exit
import sys

sys.exit(0)
