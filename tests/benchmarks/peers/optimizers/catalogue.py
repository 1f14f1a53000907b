"""Every optimizer by name, with the environment that it needs and its version."""
import importlib
import importlib.metadata
import subprocess

# name → (module of this package, argument of its class, environment below build/, distribution for the version)
PEERS = {
    "random": ("random_search", None, None, None),
    "optuna-tpe": ("optuna_peer", "tpe", "peers-venv", "optuna"),
    "optuna-gp": ("optuna_peer", "gp", "peers-venv", "optuna"),
    "smac": ("smac_peer", None, "peers-venv", "smac"),
    "hebo": ("hebo_peer", None, "peers-venv-hebo", "HEBO"),
}


def environment(name):
    """The folder below build/ of the Python environment that the optimizer runs in, or None for any Python."""
    return PEERS[name][2] if name in PEERS else None


def make(name, problem, seed, budget, options):
    """An optimizer ready to be asked. name: of PEERS, or hpo[:strategy]; options: what `bench run` was given."""
    if name.partition(":")[0] == "hpo":
        from optimizers.hpo_program import HpoProgram
        return HpoProgram(problem, seed, name.partition(":")[2] or "bayesian", options)
    module, argument, _, _ = PEERS[name]
    made = importlib.import_module(f"optimizers.{module}").make
    return made(problem, seed, budget, argument)


def version(name, options):
    if name.startswith("hpo"):
        done = subprocess.run([options["hpo"], "--version"], stdout=subprocess.PIPE, text=True, check=True)
        return done.stdout.split("\n")[0].strip()
    distribution = PEERS[name][3]
    if distribution is None:
        return "1"
    versions = f"{distribution} {importlib.metadata.version(distribution)}"
    return versions + (f", torch {importlib.metadata.version('torch')}" if name in ("optuna-gp", "hebo") else "")
