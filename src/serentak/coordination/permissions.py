"""What coordination lets people do; a role holds them inside its institution's jurisdiction."""

from serentak.kernel.viewer import Permission

VIEW_COORDINATION = Permission("coordination.VIEW_COORDINATION")
RUN_MEETING = Permission("coordination.RUN_MEETING")
GIVE_ACTION = Permission("coordination.GIVE_ACTION")
ANSWER_ACTION = Permission("coordination.ANSWER_ACTION")
DRAFT_LETTER = Permission("coordination.DRAFT_LETTER")
RECORD_GUIDANCE = Permission("coordination.RECORD_GUIDANCE")
