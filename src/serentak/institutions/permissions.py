"""What one may do with institutions, people and offices."""

from serentak.kernel.viewer import Permission

VIEW_DIRECTORY = Permission("institutions.VIEW_DIRECTORY")
VIEW_CONTACTS = Permission("institutions.VIEW_CONTACTS")
MANAGE_INSTITUTIONS = Permission("institutions.MANAGE_INSTITUTIONS")
MANAGE_PEOPLE = Permission("institutions.MANAGE_PEOPLE")
ASSIGN_ROLE = Permission("institutions.ASSIGN_ROLE")
NAME_HOLDER = Permission("institutions.NAME_HOLDER")
