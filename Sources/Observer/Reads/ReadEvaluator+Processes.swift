internal import OpsModel

extension ReadEvaluator {
    /// One instance with what its process looks like.
    private struct Seen {
        var component: MappedComponent
        var instance: MappedInstance
        var history: ProcessHistory
        var newest: Sampled<ProcessFact>
    }

    func process(_ name: ReadName, _ query: ReadQuery) -> ReadAnswer {
        if name == .processBusy { return busy(query) }
        let scope = ReadScope(query, map: map)
        if let subject = scope.subject, scope.relation == nil, subject.instances.isEmpty {
            return unsupported(query, "\(subject.name) is a \(subject.kind): it has no process here to look at")
        }
        let seen = processes(scope)
        let fresh = seen.filter { isFresh($0.newest.at) }
        guard !fresh.isEmpty else {
            return unknown(query, "no process was looked at yet", at: seen.map(\.newest.at).max())
        }
        switch name {
        case .processState: return states(query, fresh)
        case .processStarted: return starts(query, fresh)
        case .processRestarts: return restarts(query, fresh, scope)
        case .processCPU: return rates(query, fresh, \.cpuSeconds)
        case .processRunqueueWait: return rates(query, fresh, \.runQueueWaitSeconds)
        case .processMemoryRatio: return memoryRatio(query, fresh)
        case .processFDsRatio: return descriptors(query, fresh)
        default: return memory(query, fresh)
        }
    }

    private func processes(_ scope: ReadScope) -> [Seen] {
        scope.components.flatMap { component in
            component.instances.compactMap { instance -> Seen? in
                guard scope.instance == nil || scope.instance == instance.name,
                    let history = world.processes[instance.name], let newest = history.newest
                else { return nil }
                return Seen(component: component, instance: instance, history: history, newest: newest)
            }
        }
    }

    private func states(_ query: ReadQuery, _ seen: [Seen]) -> ReadAnswer {
        let wrong = seen.filter { $0.newest.value.state != "running" }
        let rows = seen.map { one -> JSONValue in
            [
                "component": .string(one.component.name), "instance": .string(one.instance.name),
                "value": .string(one.newest.value.state), "pid": one.newest.value.pid.map { .int(Int($0)) } ?? .null,
                "started_age_s": json(one.newest.value.startedAt.map { now - $0 }),
            ]
        }
        return answer(
            query,
            .string((wrong.first ?? seen.first)?.newest.value.state ?? "running"),
            unit: nil,
            seen,
            fields: [
                "running": .int(seen.count - wrong.count), "total": .int(seen.count),
                "absent": .int(wrong.count { $0.newest.value.state == "absent" }),
                "stopped": .int(wrong.count { $0.newest.value.state == "stopped" }),
                "zombie": .int(wrong.count { $0.newest.value.state == "zombie" }),
                "instance": json(wrong.first?.instance.name), "component": json(wrong.first?.component.name),
            ],
            rows: rows
        )
    }

    private func starts(_ query: ReadQuery, _ seen: [Seen]) -> ReadAnswer {
        let ages = seen.compactMap { one in one.newest.value.startedAt.map { (one, now - $0) } }
        guard let youngest = ages.min(by: { $0.1 < $1.1 }) else { return unknown(query, "none of its processes runs") }
        let rows = ages.map { one, age -> JSONValue in
            [
                "component": .string(one.component.name), "instance": .string(one.instance.name), "value": json(age),
                "started_at": json(one.newest.value.startedAt?.description),
            ]
        }
        return answer(
            query,
            json(youngest.1),
            unit: "s",
            seen,
            fields: ["instance": .string(youngest.0.instance.name)],
            rows: rows
        )
    }

    private func restarts(_ query: ReadQuery, _ seen: [Seen], _ scope: ReadScope) -> ReadAnswer {
        let from = now + -(scope.window ?? 600)
        let counts = seen.map { ($0, $0.history.restarts(since: from)) }
        let rows = counts.map { one, count -> JSONValue in
            ["component": .string(one.component.name), "instance": .string(one.instance.name), "value": .int(count)]
        }
        let total = counts.reduce(0) { $0 + $1.1 }
        return answer(
            query,
            .int(total),
            unit: "count",
            seen,
            fields: ["window_s": json(scope.window ?? 600)],
            rows: rows
        )
    }

    /// Cores in use, or waited for: 1 is one core all the time.
    private func rates(_ query: ReadQuery, _ seen: [Seen], _ part: KeyPath<ProcessFact, Double>) -> ReadAnswer {
        let rates = seen.compactMap { one in one.history.rate(part, seconds: 3).map { (one, $0) } }
        guard let highest = rates.max(by: { $0.1 < $1.1 }) else {
            return unknown(query, "two samples of one process are needed")
        }
        let rows = rates.map { one, rate -> JSONValue in
            ["component": .string(one.component.name), "instance": .string(one.instance.name), "value": json(rate)]
        }
        let total = rates.reduce(0) { $0 + $1.1 }
        return answer(
            query,
            json(total),
            unit: "ratio",
            seen,
            fields: ["highest": json(highest.1), "instance": .string(highest.0.instance.name)],
            rows: rows
        )
    }

    private func memory(_ query: ReadQuery, _ seen: [Seen]) -> ReadAnswer {
        let rows = seen.map { one -> JSONValue in
            [
                "component": .string(one.component.name), "instance": .string(one.instance.name),
                "value": .int(Int(one.newest.value.rssBytes)), "slope": json(one.history.memorySlope),
            ]
        }
        let total = seen.reduce(0) { $0 + Int($1.newest.value.rssBytes) }
        let steepest = seen.compactMap(\.history.memorySlope).max()
        return answer(query, .int(total), unit: "bytes", seen, fields: ["slope": json(steepest)], rows: rows)
    }

    private func memoryRatio(_ query: ReadQuery, _ seen: [Seen]) -> ReadAnswer {
        let shares = seen.compactMap { one -> Share? in
            guard let limit = one.component.memoryLimit, limit > 0 else { return nil }
            return Share(one: one, used: Int(one.newest.value.rssBytes), limit: limit)
        }
        return fullest(query, seen, shares, counted: "bytes") ?? unsupported(query, "no memory limit is declared")
    }

    private func descriptors(_ query: ReadQuery, _ seen: [Seen]) -> ReadAnswer {
        let shares = seen.compactMap { one -> Share? in
            guard let open = one.newest.value.fds ?? claimed(one.instance), let limit = one.component.fdLimit, limit > 0
            else { return nil }
            return Share(one: one, used: open, limit: limit)
        }
        return fullest(query, seen, shares, counted: "open")
            ?? unsupported(query, "its open descriptors can be counted by nobody here, or no limit is declared")
    }

    /// What a process says of itself where nobody else can count.
    private func claimed(_ instance: MappedInstance) -> Int? {
        guard let page = world.scrapes[instance.name]?.newest, isFresh(page.at) else { return nil }
        return page.value.value(MetricName.fdsOpen).flatMap { Int(exactly: $0) }
    }

    /// How much of a limit one process uses.
    private struct Share {
        var one: Seen
        var used: Int
        var limit: Int

        var ratio: Double { Double(used) / Double(limit) }
    }

    private func fullest(
        _ query: ReadQuery,
        _ seen: [Seen],
        _ shares: [Share],
        counted name: String
    ) -> ReadAnswer? {
        guard let fullest = shares.max(by: { $0.ratio < $1.ratio }) else { return nil }
        let rows = shares.map { share -> JSONValue in
            ["instance": .string(share.one.instance.name), "value": json(share.ratio), name: .int(share.used)]
        }
        return answer(
            query,
            json(fullest.ratio),
            unit: "ratio",
            seen,
            fields: ["instance": .string(fullest.one.instance.name)],
            rows: rows
        )
    }

    private func busy(_ query: ReadQuery) -> ReadAnswer {
        let pages = pages(ReadScope(query, map: map))
        let counts = pages.compactMap { page in page.value(MetricName.busy).map { (page, $0) } }
        guard !counts.isEmpty else { return silent(query, pages, MetricName.busy) }
        let rows = counts.map { page, busy -> JSONValue in
            let limit = page.value(MetricName.busyMax) ?? 0
            return [
                "component": .string(page.component.name), "instance": .string(page.instance.name),
                "value": json(limit > 0 ? busy / limit : 0), "highest": json(limit > 0 ? busy / limit : 0),
                "running": count(busy), "max": count(limit),
            ]
        }
        let highest = rows.compactMap { $0["value"]?.doubleValue }.max()
        let total = counts.reduce(0) { $0 + $1.1 }
        let limit = counts.reduce(0) { $0 + ($1.0.value(MetricName.busyMax) ?? 0) }
        return ok(
            query,
            json(limit > 0 ? total / limit : 0),
            unit: "ratio",
            at: newest(pages),
            isStarved: pages.contains(where: \.newest.isStarved),
            fields: ["busy": count(total), "max": count(limit), "highest": json(highest)],
            rows: rows
        )
    }

    private func answer(
        _ query: ReadQuery,
        _ value: JSONValue,
        unit: String?,
        _ seen: [Seen],
        fields: [String: JSONValue],
        rows: [JSONValue]
    ) -> ReadAnswer {
        ok(
            query,
            value,
            unit: unit,
            at: seen.map(\.newest.at).min() ?? now,
            isStarved: seen.contains(where: \.newest.isStarved),
            fields: fields,
            rows: rows
        )
    }
}
