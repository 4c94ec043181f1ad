"""The torch corner of the world: networks that stand in for a designer and, later, an inspector.

Nothing here is imported by ``import factory_env``; a plug imports it when it is chosen.
"""
