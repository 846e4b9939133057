"""What this app announces upward."""

from common.facts import Fact

#: A message could not be delivered and is not tried any more. Arguments: delivery_id, message_id.
DELIVERY_DEAD = Fact("notify.delivery_dead")
