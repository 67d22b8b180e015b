/// Why a run cannot begin.
enum RefereeError: Error, CustomStringConvertible {
    case unbound(String)
    case changesNetwork(String)
    case needsProxy(String)
    case unknownDecoy(String)
    case comparisonTaken(String)
    case isolationDiffers([String])
    case noPlace(String)
    /// The customers of an application that only its topology describes come more or less often, and know nothing else.
    case unknownToCustomers(String)

    var description: String {
        switch self {
        case .unbound(let id): "\(id) needs kinds of components that this topology does not have"
        case .changesNetwork(let id):
            "\(id) changes the network or a volume of its target: the lab has to be root's, or one of `opslab up --runtime compose`"
        case .needsProxy(let id):
            "\(id) needs a proxy in the ways of its target: make a lab with `opslab up --proxied`"
        case .unknownDecoy(let name): "there is no decoy \(name)"
        case .comparisonTaken(let directory): "another comparison is at work in \(directory)"
        case .isolationDiffers(let levels):
            "results of different levels are never put in one table: isolation \(levels.joined(separator: ", "))"
        case .noPlace(let why): why
        case .unknownToCustomers(let wish): "the customers of this system know nothing of \(wish)"
        }
    }
}
