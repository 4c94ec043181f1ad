"""Wrappers that make the environments easier to learn on; each works on v0 and v1."""

from factory_env.envs.wrappers.against_rule import AgainstRule
from factory_env.envs.wrappers.legal_action import LegalAction
from factory_env.envs.wrappers.semi_markov_discount import SemiMarkovDiscount
from factory_env.envs.wrappers.sorted_orders import SortedOrders

__all__ = ["AgainstRule", "LegalAction", "SemiMarkovDiscount", "SortedOrders"]
