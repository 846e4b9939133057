"""What this app announces upward."""

from common.facts import Fact

#: A message could not be delivered and is not tried any more. Arguments: delivery_id, message_id.
DELIVERY_DEAD = Fact("notify.delivery_dead")
#: A channel was switched off by its other side. Argument: channel_id.
CHANNEL_OFF = Fact("notify.channel_off")
