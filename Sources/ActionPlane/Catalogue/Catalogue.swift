import OpsModel

/// The closed list of actions.
///
/// What is not in it does not exist.
struct Catalogue: Sendable {
    private let actions: [String: any RemediationAction]

    init(_ actions: [any RemediationAction]) {
        self.actions = Dictionary(actions.map { ($0.name, $0) }) { first, _ in first }
    }

    /// What `GET /catalog` answers: it depends on the topology and on nothing that happens in it.
    var descriptions: [ActionDescription] { actions.keys.sorted().compactMap { actions[$0]?.description } }

    var names: [String] { actions.keys.sorted() }

    func action(_ name: String) throws(ActionError) -> any RemediationAction {
        guard let action = actions[name] else {
            throw ActionError(
                .unknownAction,
                "there is no such action",
                hint: "the catalogue has \(names.joined(separator: ", "))"
            )
        }
        return action
    }
}
