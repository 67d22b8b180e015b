internal import OpsModel

/// Tells from its names which component a database session belongs to.
struct SessionOwner: Sendable {
    private let components: [String]
    private let instances: [(name: String, component: String)]

    init(_ map: TargetMap) {
        components = map.components.map(\.name)
        instances = map.components.flatMap { component in component.instances.map { ($0.name, component.name) } }
            .sorted { $0.0.utf8.count > $1.0.utf8.count }
    }

    /// The instance's name at the beginning of the application name; else a role of the component's name; else the
    /// component's name as a word of the application name.
    ///
    /// Nil for a person's shell and for whoever is not declared.
    func component(role: String, application: String) -> String? {
        if let instance = instances.first(where: { Self.begins(application, with: $0.name) }) {
            return instance.component
        }
        if components.contains(role) { return role }
        // The digits behind a name can spell a word.
        let name = ClientName(parsing: application)?.base ?? application
        let words = name.split { !$0.isLetter }.map(String.init)
        return components.first { words.contains($0) }
    }

    /// The instance whose name begins the application name.
    func instance(application: String) -> String? {
        instances.first { Self.begins(application, with: $0.name) }?.name
    }

    private static func begins(_ application: String, with name: String) -> Bool {
        guard application.hasPrefix(name) else { return false }
        guard let next = application.dropFirst(name.count).first else { return true }
        return !next.isLetter && !next.isNumber
    }
}
