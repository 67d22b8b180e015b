/// A binary heap: the smallest element is first.
struct Heap<Element: Comparable> {
    private var elements: [Element] = []

    var first: Element? { self.elements.first }

    mutating func insert(_ element: Element) {
        self.elements.append(element)
        var index = self.elements.count - 1
        while index > 0, self.elements[index] < self.elements[(index - 1) / 2] {
            self.elements.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    mutating func removeFirst() {
        guard let last = self.elements.popLast(), !self.elements.isEmpty else { return }
        self.elements[0] = last
        var index = 0
        while true {
            var least = index
            for child in [2 * index + 1, 2 * index + 2]
            where child < self.elements.count && self.elements[child] < self.elements[least] { least = child }
            guard least != index else { return }
            self.elements.swapAt(index, least)
            index = least
        }
    }
}
