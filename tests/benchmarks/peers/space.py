"""A search space, described once as plain JSON and translated to hpo's file and to each peer's own classes.

A parameter is a dictionary: name, type (float | int | categorical | ordinal | bool), and by type min, max, log (bool),
step, values; `when` maps a parent's name to the list of its values under which the parameter is active. Parents stand
before their children. Inactive parameters are absent from a configuration.
"""
import math

Configuration = dict


def real(name, low, high, log=False, step=None, when=None):
    return _parameter(name, "float", when, min=float(low), max=float(high), log=log, step=step)


def integer(name, low, high, log=False, step=None, when=None):
    return _parameter(name, "int", when, min=low, max=high, log=log, step=step)


def categorical(name, values, when=None):
    return _parameter(name, "categorical", when, values=list(values))


def ordinal(name, values, when=None):
    return _parameter(name, "ordinal", when, values=list(values))


def boolean(name, when=None):
    return _parameter(name, "bool", when)


def _parameter(name, kind, when, **fields):
    parameter = {"name": name, "type": kind}
    parameter.update((key, value) for key, value in fields.items() if value is not None and value is not False)
    if when:
        parameter["when"] = {parent: list(values) for parent, values in when.items()}
    return parameter


def is_active(parameter, configuration):
    return all(parent in configuration and configuration[parent] in values
               for parent, values in parameter.get("when", {}).items())


def levels(parameter):
    """The values of a finite domain in their order, or None."""
    if parameter["type"] == "bool":
        return [False, True]
    if "values" in parameter:
        return parameter["values"]
    if parameter["type"] == "int":
        return list(range(parameter["min"], parameter["max"] + 1, parameter.get("step", 1)))
    if "step" in parameter:
        count = math.floor((parameter["max"] - parameter["min"]) / parameter["step"] + 1e-9) + 1
        return [min(parameter["max"], parameter["min"] + k * parameter["step"]) for k in range(count)]
    return None


def unit(parameter, value):
    """Where the value lies between the ends of its domain on its scale, 0 to 1."""
    if "min" not in parameter:
        values = levels(parameter)
        return values.index(value) / max(1, len(values) - 1)
    low, high = parameter["min"], parameter["max"]
    if parameter.get("log"):
        return math.log(value / low) / math.log(high / low)
    return (value - low) / (high - low)


def from_unit(parameter, u):
    """The value of the domain nearest to u; ends of integer ranges get as much of [0, 1] as the rest."""
    u = min(1.0, max(0.0, u))
    finite = levels(parameter) if not parameter.get("log") else None
    if finite is not None:
        return finite[min(len(finite) - 1, int(u * len(finite)))]
    low, high = parameter["min"], parameter["max"]
    if parameter["type"] == "int":
        value = (low - 0.5) * ((high + 0.5) / (low - 0.5)) ** u
        return min(high, max(low, round(value)))
    value = low * (high / low) ** u if parameter.get("log") else low + u * (high - low)
    return min(high, max(low, value))


def sample(space, rng):
    """A random configuration, uniform on each parameter's scale."""
    configuration = {}
    for parameter in space:
        if is_active(parameter, configuration):
            configuration[parameter["name"]] = from_unit(parameter, rng.random())
    return configuration


def contains(parameter, value):
    kind = parameter["type"]
    if kind == "bool":
        return isinstance(value, bool)
    if kind in ("categorical", "ordinal"):
        return any(value == v and type(value) is type(v) for v in parameter["values"])
    if isinstance(value, bool) or not isinstance(value, float if kind == "float" else int):
        return False
    if not parameter["min"] <= value <= parameter["max"]:
        return False
    steps = (value - parameter["min"]) / parameter["step"] if "step" in parameter else 0
    return abs(steps - round(steps)) < 1e-6


def checked(space, configuration):
    """The configuration in the order of the space, floats as float; ValueError where it is none of the space."""
    result = {}
    for parameter in space:
        name = parameter["name"]
        if not is_active(parameter, result):
            continue
        if name not in configuration:
            raise ValueError(f"{name}: missing in {configuration}")
        value = configuration[name]
        if parameter["type"] == "float" and type(value) is int:
            value = float(value)
        if not contains(parameter, value):
            raise ValueError(f"{name}: {value!r} is not in {parameter}")
        result[name] = value
    if len(result) != len(configuration):
        raise ValueError(f"inactive or unknown: {sorted(set(configuration) - set(result))}")
    return result


def faults(space):
    """What hpo would refuse about the space, as a list of sentences."""
    found, before = [], {}
    for p in space:
        name, kind = p["name"], p["type"]
        if name in before:
            found.append(f"{name}: defined twice")
        if kind not in ("float", "int", "categorical", "ordinal", "bool"):
            found.append(f"{name}: unknown type {kind}")
        if kind in ("float", "int"):
            found += _faults_of_range(p)
        if kind in ("categorical", "ordinal") and len(set(map(str, p["values"]))) != len(p["values"]) > 0:
            found.append(f"{name}: values must be distinct")
        for parent, values in p.get("when", {}).items():
            if parent not in before:
                found.append(f"{name}: parent {parent} must stand before it")
            elif before[parent]["type"] == "float" or not all(contains(before[parent], v) for v in values):
                found.append(f"{name}: {values} are not values of a discrete parent {parent}")
        before[name] = p
    return found


def _faults_of_range(p):
    name, found = p["name"], []
    if not p["min"] < p["max"]:
        found.append(f"{name}: max must be greater than min")
    if p.get("log") and not p["min"] > 0:
        found.append(f"{name}: min must be > 0 for scale log")
    if "step" in p and (p.get("log") or not 0 < p["step"] <= p["max"] - p["min"]):
        found.append(f"{name}: step goes with scale linear and must be at most max - min")
    return found
