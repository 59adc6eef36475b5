"""A client of SCIM that is not ours keeps somebody and a group of a node: `scim2-client` holds each answer against RFC 7643 and RFC 7644."""

import json
import sys

from httpx2 import Client
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_models import PatchOp, PatchOperation, ResponseParameters, SearchRequest

base, token = sys.argv[1:3]
with Client(base_url=base, headers={"Authorization": f"Bearer {token}"}) as http:
    scim = SyncSCIMClient(http)
    scim.discover()
    User, Group = scim.get_resource_model("User"), scim.get_resource_model("Group")

    mary = scim.create(User(user_name="mary@lakeside.example", display_name="Mary Jackson", active=True))
    found = scim.query(User, query_parameters=SearchRequest(filter='userName eq "mary@lakeside.example"'))
    named = scim.query(User, mary.id, query_parameters=ResponseParameters(attributes=["userName"]))
    patched = scim.modify(
        User,
        mary.id,
        PatchOp[User](operations=[PatchOperation(op="replace", path="displayName", value="Mary W. Jackson")]),
    )
    group = scim.create(Group(display_name="Engineers", members=[{"value": mary.id}]))
    mary.active = False
    closed = scim.replace(mary)
    scim.delete(Group, group.id)
    scim.delete(User, mary.id)
    left = scim.query(User, query_parameters=SearchRequest(filter='userName eq "mary@lakeside.example"'))

print(
    json.dumps(
        {
            "found": found.total_results,
            "named": named.model_dump().get("displayName"),
            "patched": patched.display_name,
            "members": len(group.members),
            "closed": closed.active,
            "left": left.total_results,
        }
    )
)
