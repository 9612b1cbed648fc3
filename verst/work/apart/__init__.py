"""The steps of the work as processes of their own, any number of each, with a bus between them.

listeners    put what they hear on the bus, after the door (`putting`)
readers      take posts, keep them with their readings and reports, tell which crossings were spoken of (`readers`)
a planner    one of the fusers: finds copies in all that was reported, says what is to be fused, until when (`planning`)
fusers       take crossings, each always in the same partition, and make their estimates (`fusers`)

Where each stands on the bus is kept in the store in the transaction that holds what came of it; what it tells the next
step is in that transaction too, and put on the bus afterwards, again when in doubt. So whatever dies, nothing is lost
and nothing has an effect twice; and two who hold one partition for a moment cannot both write (`places`).
"""
