import OpsModel
import OpsRuntime
import OpsService
import OpsSystem

/// Entries of a cache hold something else than they were given.
final class CacheCorruption: Fault {
    static let description = FaultDescription(
        kind: .cacheCorruption,
        path: "/break/cache/corrupt",
        title: "Cached entries differ from what they were made of.",
        persistence: .event,
        targets: ["directory"],
        parameters: [
            Parameter(
                name: "mode",
                kind: .choice(EntryDamage.allCases.map(\.rawValue)),
                fallback: "damaged",
                help: "content that its checksum gives away, or content with every number 0 that no checksum covers"
            ),
            Parameter(name: "share", kind: .number(0.05...1), fallback: 1, help: "part of the entries"),
            Parameter(
                name: "seed",
                kind: .number(0...9_007_199_254_740_991),
                fallback: 1,
                help: "which entries and bytes"
            ),
        ],
        yieldsTo: ["the entry's removal or replacement"],
        unit: "share of entries",
        tolerance: Tolerance(share: 0.2, orWhatIsLeft: false),
        mechanism: "other content under the entries' names, put in place whole",
        signs: ["cache.bad", "journey.failures_by"],
        needs: [.entries]
    )

    private static let most = 2_000
    private static let longest = 1 << 20
    private let setting: FaultSetting
    private var contents: [(change: FileChange, bytes: [UInt8])] = []
    private var mode: EntryDamage { EntryDamage(rawValue: self.setting.parameters.text("mode")) ?? .damaged }

    init(_ setting: FaultSetting) { self.setting = setting }

    /// Undo takes the entries away, so nothing has to be saved: the cache must be one that can be rebuilt.
    func plan() throws(ChaosError) -> Blueprint {
        guard let directory = self.setting.access.directory else {
            throw ChaosError(
                .badTarget,
                "\(self.setting.access.component) is no directory that its component can rebuild",
                hint: "targets are of kind directory with rebuildable: true"
            )
        }
        do throws(SystemError) { self.contents = try self.corrupt(directory) } catch {
            throw ChaosError(.undoImpossible, error.message)
        }
        guard !self.contents.isEmpty else {
            throw ChaosError(.badTarget, "the cache holds no entry", hint: "let its component warm it up first")
        }
        let resource = SharedResource.directory(self.setting.access.component)
        return Blueprint(
            resource: resource,
            effects: self.contents.map {
                Effect(resource: resource, token: self.setting.token, change: .file($0.change))
            },
            requested: self.setting.parameters.number("share")
        )
    }

    func apply() throws(ChaosError) -> Double? {
        var done = 0
        for (change, bytes) in self.contents {
            // An entry that was replaced meanwhile is a fresh one: leave it.
            do throws(ChaosError) { try change.apply(bytes) } catch { continue }
            done += 1
        }
        guard done > 0 else { throw ChaosError(.notApplied, "no entry could be replaced") }
        return Double(done) / Double(self.contents.count) * self.setting.parameters.number("share")
    }

    private func corrupt(_ directory: String) throws(SystemError) -> [(change: FileChange, bytes: [UInt8])] {
        guard let inode = FileSystem.inode(directory) else {
            throw SystemError(.notFound, "the cache directory is missing")
        }
        var generator = SeededGenerator(seed: UInt64(self.setting.parameters.number("seed")))
        let entries = try Self.entries(of: directory).prefix(Self.most).shuffled(using: &generator)
        let count = max(1, Int((Double(entries.count) * self.setting.parameters.number("share")).rounded(.up)))
        var found: [(change: FileChange, bytes: [UInt8])] = []
        for path in entries.prefix(count).sorted() {
            // Gone by now
            guard let old = try? FileSystem.read(path, limit: Self.longest), !old.isEmpty else { continue }
            let new = self.mode.altered(old, using: &generator)
            let change = FileChange(
                path: path,
                staged: "\(path).\(Identifier.random(prefix: "", length: 6, using: &generator))",
                directory: FileSystem.inode(FileSystem.parent(of: path)) ?? inode,
                before: .of(old),
                ours: .of(new)
            )
            found.append((change, new))
        }
        return found
    }

    /// Regular files below the directory, two levels deep.
    private static func entries(of directory: String) throws(SystemError) -> [String] {
        var paths: [String] = []
        for name in try FileSystem.list(directory) where !name.hasPrefix(".") {
            let path = "\(directory)/\(name)"
            guard FileSystem.isDirectory(path) else {
                paths.append(path)
                continue
            }
            paths += try FileSystem.list(path).filter { !$0.hasPrefix(".") }.map { "\(path)/\($0)" }
                .filter { !FileSystem.isDirectory($0) }
        }
        return paths
    }
}
