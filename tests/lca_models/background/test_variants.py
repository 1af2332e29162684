import numpy as np
import pytest
from scipy.sparse import csc_array

from lca_models.background.adjoint import adjoint_vectors, factorise, total_burdens, total_of
from lca_models.background.synthetic import synthetic_background
from lca_models.background.system import SparseBackground
from lca_models.background.variants import ColumnVariants, variant_multipliers
from lca_models.errors import SingularSystemError
from tests.lca_models.background.systems import loop, three_activities


def refactorised(background: SparseBackground, variants: ColumnVariants, number: int) -> np.ndarray:
    """Return the multipliers of one variant, solved from scratch."""
    technosphere = background.technosphere.tolil(copy=True)
    technosphere[:, [variants.activity]] = 0.0
    for product, amount in zip(variants.products, variants.amounts[number], strict=True):
        technosphere[product, variants.activity] = amount
    burdens = total_burdens(background)
    burdens[variants.activity] = variants.burdens[number]
    changed = SparseBackground(
        technosphere=csc_array(technosphere), biosphere=background.biosphere, characterization=background.characterization
    )
    return factorise(changed).solve(burdens)


def test_a_cleaner_steel_changes_steel_and_machine_by_hand() -> None:
    background = three_activities()
    factorisation = factorise(background)
    variants = ColumnVariants(
        activity=1, products=np.array([0, 1]), amounts=np.array([[-1.0, 1.0], [-2.0, 2.0]]), burdens=np.array([0.1, 0.0])
    )

    found = variant_multipliers(
        background,
        factorisation,
        variants,
        multipliers=total_of(adjoint_vectors(background, factorisation)),
        own_burdens=total_burdens(background),
    )

    # Power 0.9. First: steel 0.9 + 0.1 = 1.0, machine 5 + 3 + 0.9 = 8.9. Second: 2 power make 2 steel: steel 0.9, machine 8.6.
    assert found[0] == pytest.approx([0.9, 1.0, 8.9])
    assert found[1] == pytest.approx([0.9, 0.9, 8.6])


@pytest.mark.parametrize("size", [500, 20_000])
def test_a_hundred_variants_equal_refactorisation(size: int) -> None:
    background = synthetic_background(size, seed=3)
    factorisation = factorise(background)
    random = np.random.default_rng(4)
    activity = size // 3
    column = background.technosphere[:, [activity]].tocoo()
    inputs = column.data * np.where(column.data < 0, random.uniform(0.2, 1.3, (100, column.nnz)), 1.0)
    extra = np.setdiff1d(np.array([1, size - 1]), column.row)
    variants = ColumnVariants(
        activity=activity,
        products=np.concatenate([column.row, extra]),
        amounts=np.hstack([inputs, -random.uniform(0, 0.05, (100, len(extra)))]),
        burdens=random.uniform(0, 5, 100),
    )

    found = variant_multipliers(
        background,
        factorisation,
        variants,
        multipliers=total_of(adjoint_vectors(background, factorisation)),
        own_burdens=total_burdens(background),
    )

    assert found.shape == (100, size)
    for number in (0, 99):
        assert found[number] == pytest.approx(refactorised(background, variants, number), rel=1e-12)


def test_only_the_wanted_products_are_returned() -> None:
    background = three_activities()
    factorisation = factorise(background)
    variants = ColumnVariants(activity=0, products=np.array([0]), amounts=np.array([[1.0]]), burdens=np.array([0.0]))

    found = variant_multipliers(
        background,
        factorisation,
        variants,
        multipliers=total_of(adjoint_vectors(background, factorisation)),
        own_burdens=total_burdens(background),
        products=np.array([2]),
    )

    assert found == pytest.approx(np.array([[5.0]]))


def test_a_variant_that_eats_its_own_product_is_refused_by_number() -> None:
    background = loop(0.5)
    factorisation = factorise(background)
    variants = ColumnVariants(
        activity=0, products=np.array([0, 1]), amounts=np.array([[1.0, -0.5], [1.0, -2.0]]), burdens=np.array([1.0, 1.0])
    )

    with pytest.raises(SingularSystemError, match="Variants 2 of the background activity #0"):
        variant_multipliers(
            background,
            factorisation,
            variants,
            multipliers=total_of(adjoint_vectors(background, factorisation)),
            own_burdens=total_burdens(background),
        )
