import OpsSystem

extension Lab {
    /// The log files of a component or program: `api` is both instances, nil is everything.
    public func logs(of component: String?) throws(RuntimeError) -> [(program: String, path: String)] {
        var found: [(program: String, path: String)] = []
        for half in InstanceLayout.Half.allCases {
            let directory = "\(self.layout.root(of: half))/log"
            for file in (try? FileSystem.list(directory)) ?? [] where file.hasSuffix(".log") {  // never started
                let program = String(file.dropLast(4))
                guard let component else {
                    found.append((program, "\(directory)/\(file)"))
                    continue
                }
                if program == component || self.isInstance(program, of: component) {
                    found.append((program, "\(directory)/\(file)"))
                }
            }
        }
        guard !found.isEmpty else {
            throw RuntimeError(
                .unknownProgram,
                "lab '\(self.name)' has no log\(component.map { " of '\($0)'" } ?? "")",
                hint: "`opslab status` lists the programs"
            )
        }
        return found
    }

    private func isInstance(_ program: String, of component: String) -> Bool {
        guard program.hasPrefix("\(component)-") else { return false }
        let rest = program.dropFirst(component.count + 1)
        return rest.count == 1
    }
}
