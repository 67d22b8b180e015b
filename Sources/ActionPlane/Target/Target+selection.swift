import OpsModel

extension [Target.ProcessComponent] {
    /// The component that the parameters name, with the one instance that they name or all of them.
    ///
    /// Without a component the first is meant, as an action has it that knows of one alone.
    func selection(
        _ parameters: [String: JSONValue]
    ) throws(ActionError) -> (Target.ProcessComponent, [Target.ProcessInstance]) {
        let wanted = parameters["component"]?.stringValue
        guard let component = first(where: { wanted == nil || $0.name == wanted }) else {
            throw ActionError(.notPermitted, "this topology has no such component")
        }
        guard let name = parameters["instance"]?.stringValue else { return (component, component.instances) }
        guard let instance = component.instances.first(where: { $0.name == name }) else {
            throw ActionError(.invalidParameters, "instance: \(name) is no instance of \(component.name)")
        }
        return (component, [instance])
    }
}
