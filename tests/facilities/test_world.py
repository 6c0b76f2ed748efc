import pytest
from facilities.models import *
from tests.world import make_world, make_cast
@pytest.mark.django_db
def test_x():
    w=make_world(); make_cast(w)
    n={a.pk:k for k,a in w.areas.items()}
    for c in Contribution.objects.order_by('facility__code','area__code'): print(c.facility.code,n[c.area_id],c.from_month,c.to_month,c.share,c.in_own_time)
    for c in Coverage.objects.order_by('area__code'): print(n.get(c.area_id),'>',n.get(c.covered_id))
    assert 0
