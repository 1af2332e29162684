"""The maker's own plant: its accepted answers come before the product's recipe and the model's defaults."""

from dataclasses import replace

from service.errors import N_
from service.footprints.parameter_setting import (
    FURNACE_FIELD,
    TOLL_GROUP,
    ParametersError,
    Setting,
    facts_of,
    own_provenance,
    read_part,
)
from service.footprints.provenance import Part, Provenance, mixed
from service.footprints.supplier_readers import OWN_PLANT, readers_of


def own_plant_mixes(setting: Setting) -> dict[str, Provenance]:
    """Take what the maker's own plant answered; what the plant shares with toll plants is mixed with theirs."""
    _check_own_furnace(setting)
    mixed_with_toll = setting.product.toll_share > 0
    found: dict[str, Provenance] = {}
    for reader in readers_of(OWN_PLANT):
        parameter = reader.parameter
        if parameter not in setting.base or (mixed_with_toll and setting.model.definitions[parameter].group == TOLL_GROUP):
            continue
        parts = own_parts(setting, parameter)
        if any(part.submission_id for part in parts):
            found[parameter] = Provenance(
                unit=setting.unit(parameter), value=mixed(parts), default=setting.defaults[parameter], parts=parts
            )
    return found


def own_parts(setting: Setting, parameter: str) -> tuple[Part, ...]:
    """Return what the maker's own plant says of a parameter, else its recipe or the default; the weights sum to one."""
    base = own_provenance(setting, parameter).parts[0]
    readers = [reader for reader in readers_of(OWN_PLANT) if reader.parameter == parameter]
    shares = setting.weights.get(OWN_PLANT, {})
    if not readers or not shares:
        return (base,)
    return tuple(
        read_part(setting, facts_of(setting, plant), readers, replace(base, weight=share, supplier_id=plant))
        for plant, share in shares.items()
    )


def _check_own_furnace(setting: Setting) -> None:
    """Refuse figures of another furnace than the product's: what the plant did not answer would be another furnace's default."""
    for plant in setting.weights.get(OWN_PLANT, {}):
        facts = facts_of(setting, plant)
        furnace = facts.text(FURNACE_FIELD) if facts else ""
        if facts and furnace and furnace != setting.product.furnace:
            raise ParametersError(
                N_(
                    "%(submission)s is of furnace type %(furnace)s, but product %(product)s is set up with %(own)s. "
                    "Set the product's furnace to %(furnace)s, or ask for the figures of the other furnace."
                ),
                submission=facts.answers.number,
                furnace=furnace,
                product=setting.product.grade,
                own=setting.product.furnace,
            )
