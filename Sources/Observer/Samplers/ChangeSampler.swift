internal import OpsModel
internal import OpsSystem
internal import OpsTrust

/// Watches the configuration files; where Observer may not read one, the hash that the instances report stands for it.
struct ChangeSampler: Sendable {
    let map: TargetMap
    let store: WorldStore

    func sample(_ tick: Tick) {
        for config in map.configs {
            do {
                let bytes = try FileSystem.read(config.path, limit: 1 << 20)
                keep(version(of: bytes, config, tick), config, tick)
            } catch {
                fallBack(config, tick)
            }
        }
        store.update { world in
            if world.changes.since == nil { world.changes.since = tick.at }
        }
    }

    private func version(of bytes: [UInt8], _ config: MappedConfig, _ tick: Tick) -> ConfigHistory.Version {
        var values = EnvironmentFile(bytes: bytes).values
        // Of a secret only whether it changed is kept.
        for key in config.secrets {
            values[key] = values[key].map { "(secret \(Digest.sha256("\(key)=\($0)").hex.prefix(8)))" }
        }
        return ConfigHistory.Version(hash: Digest.sha256(bytes).hex, values: values, at: tick.at)
    }

    private func keep(_ version: ConfigHistory.Version, _ config: MappedConfig, _ tick: Tick) {
        store.update { world in
            let before = world.configs[config.name]?.current
            let isCalm = world.isCalm(at: tick.at)
            let changed = world.configs[config.name, default: ConfigHistory()].observe(version, isCalm: isCalm)
            guard changed, let before else { return }
            let keys = ConfigHistory.difference(before, version).map(\.key)
            let detail =
                keys.isEmpty ? "\(config.name) changed" : "\(config.name) changed: \(keys.joined(separator: ", "))"
            world.changes.append(
                ChangeEvent(kind: "config", components: config.users, at: tick.at, detail: detail)
            )
        }
    }

    private func fallBack(_ config: MappedConfig, _ tick: Tick) {
        store.update { world in
            guard !config.isHosts else {
                world.configs[config.name, default: ConfigHistory()].failure =
                    "Observer's user may not read \(config.name)"
                return
            }
            let instances = map.components.filter { config.users.contains($0.name) }.flatMap(\.instances)
            let scrapes = instances.compactMap { world.scrapes[$0.name]?.newest?.value }
            let hash = scrapes.compactMap { $0.all(MetricName.info).first?.labels["config_hash"] }.first {
                $0 != "none"
            }
            guard let hash else {
                world.configs[config.name, default: ConfigHistory()].failure =
                    "Observer's user may not read \(config.name)"
                return
            }
            let isCalm = world.isCalm(at: tick.at)
            let version = ConfigHistory.Version(hash: hash, values: [:], at: tick.at)
            _ = world.configs[config.name, default: ConfigHistory()].observe(version, isCalm: isCalm)
        }
    }
}
