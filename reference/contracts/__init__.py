"""What each layer, function and network promises; `contract` adds a user's own."""

from trigrad.contracts.own import ContractsError, OwnContract, contract
from trigrad.contracts.schema import Contract, Domain, Kind, Notation, Promises, Variable

__all__ = [
    "Contract",
    "ContractsError",
    "Domain",
    "Kind",
    "Notation",
    "OwnContract",
    "Promises",
    "Variable",
    "contract",
]
