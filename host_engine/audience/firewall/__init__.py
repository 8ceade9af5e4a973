"""What stands between the chat and the host: no model and no voice sees what has not passed here."""

from host_engine.audience.firewall.firewall import Firewall as Firewall
from host_engine.audience.firewall.firewall import Ruling as Ruling
