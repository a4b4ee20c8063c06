import torch

from tmad_mmedit.models.shifts.planes.recurrence import NEAREST, recurring


def test_a_pattern_recurs_at_its_periods():
    cell = torch.rand(3, 12, 18, generator=torch.manual_seed(0))
    img = cell.repeat(1, 10, 8)
    hole = torch.zeros(120, 144, dtype=torch.bool)
    hole[50:70, 60:90] = True
    shifts = recurring(img, ~hole, hole, 20)
    assert len(shifts) == 20
    assert ((shifts % torch.tensor([12, 18])) == 0).all()
    assert (shifts.abs() >= NEAREST).any(1).all()
    assert (shifts.abs() > 18).any()  # multiples, which reach across the hole


def test_what_is_not_known_has_no_say():
    cell = torch.rand(3, 12, 18, generator=torch.manual_seed(0))
    img = cell.repeat(1, 10, 8)
    hole = torch.zeros(120, 144, dtype=torch.bool)
    hole[50:70, 60:90] = True
    known = ~hole
    known[:, 120:] = False
    other = img.clone()
    other[:, ~known] = 9.
    assert torch.equal(recurring(img, known, hole, 20),
                       recurring(other, known, hole, 20))


def test_no_more_than_there_are():
    img = torch.rand(3, 16, 16)
    hole = torch.zeros(16, 16, dtype=torch.bool)
    hole[6:10, 6:10] = True
    assert len(recurring(img, ~hole, hole, 1000)) < 100
    assert recurring(img, torch.zeros_like(hole), hole, 5).shape == (0, 2)
