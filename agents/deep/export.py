"""A saved scheduling agent as a model of Stable-Baselines3: one zip for `MaskablePPO.load`."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from gymnasium import spaces
from sb3_contrib import MaskablePPO
from sb3_contrib.common.maskable.policies import MaskableActorCriticPolicy

from agents.card import agent_folder, read_card
from agents.deep.load import load_agent
from agents.deep.policies import NETWORKS
from factory_env.envs.scheduling.actions import N_ACTIONS
from factory_env.envs.scheduling.encoder import Encoder, blocks_among
from factory_env.errors import ArtifactError
from factory_env.whole_file import write_whole

NOTED: Final = (
    "prior",
    "features",
    "plant",
    "scenario",
)  # of the card, in the model's ``seamline``


def export_model(agent: str | Path, to: Path) -> dict[str, Any]:
    """Write the agent of a run folder, a checkpoint or ``pretrained`` into a zip of its own.

    Whoever loads it needs this package, which has the class of its network, and an environment
    that shows and allows what the agent learned on:
    ``gymnasium.make("GarmentFactory/Scheduling-v1", hold="free", prior=model.seamline["prior"])``.

    Returns
    -------
    What the zip says of the agent beside its weights.

    Raises
    ------
    ArtifactError
        If there is no readable scheduling agent.
    """
    card = read_card(agent_folder(agent, "scheduling"))
    policy = load_agent(agent).network
    if not isinstance(policy, MaskableActorCriticPolicy):
        network = card["network"]
        raise ArtifactError(f"{agent}: MaskablePPO has no memory, so it loads no {network} network")
    model: Any = MaskablePPO(
        NETWORKS[card["network"]],
        env=None,  # type: ignore[arg-type]  # learning goes on with whoever loads it
        policy_kwargs=dict(card["network_args"]),
        n_steps=256,
        batch_size=512,
        device="cpu",
        _init_setup_model=False,
    )
    model.observation_space = Encoder(card["prior"], blocks_among(card["features"])).space()
    model.action_space = spaces.Discrete(N_ACTIONS)
    model.n_envs = 1
    model.seamline = {key: card[key] for key in NOTED if key in card}
    model._setup_model()
    model.policy.load_state_dict(policy.state_dict())
    write_whole(to, lambda path: model.save(path))
    return dict(model.seamline)
