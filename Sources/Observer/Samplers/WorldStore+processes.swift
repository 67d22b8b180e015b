internal import OpsModel

extension WorldStore {
    /// Keeps what was seen of one process; a start that was not known is a change of the world.
    func keep(_ fact: ProcessFact, of component: MappedComponent, _ instance: MappedInstance, _ tick: Tick) {
        let name = instance.name
        update { world in
            let before = world.processes[name]?.restarts.count ?? 0
            world.processes[name, default: ProcessHistory()].append(
                Sampled(value: fact, at: tick.at, isStarved: tick.isStarved)
            )
            guard let restarts = world.processes[name]?.restarts, restarts.count > before, let started = restarts.last
            else { return }
            let detail = "\(name) started anew"
            world.changes.append(
                ChangeEvent(kind: "starts", components: [component.name], instance: name, at: started, detail: detail)
            )
        }
    }
}
